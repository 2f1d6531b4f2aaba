"""What petitions learns from others: the places of the city and who holds which duty there."""

from shared.neighbourhood.reactions import learn_places, learn_posts
from shared.runtime.reactions import Reactions

reactions = Reactions()
learn_places(reactions)
learn_posts(reactions)
