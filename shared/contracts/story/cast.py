"""Who is in the story, and where it happens."""

PETITION = "019cac0f42a07d3e5b8a4c1f60927be3"
PATH = ["350203", "350203005", "350203005004", "350203005004-a2", "350203005004-n7"]
UNIT = "350203005004-n7-b3-u1"
STAFF = "s-5d0c71e94b"
RESIDENT = "r-8e21f0a6c3"
