"""What the service keeps in memory of its own: the whole place tree and all posts."""

from services.community.domain.place import Place, place
from services.community.domain.post import Post, post
from shared.runtime.copies import Copy

places: Copy[Place] = Copy(place)
posts: Copy[Post] = Copy(post)
