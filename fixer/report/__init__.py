"""What was found and done, for people and for programs: values in, strings out.

``outcome`` holds the values, ``text`` writes for people, ``json`` for programs, ``explain`` the evidence of one
candidate; ``terminal`` says which colours and signs a stream can show. Nothing is imported here: which of them a run
needs depends on what it was asked for.
"""
