"""A chat model's opinion: what it is asked, what its answers mean, how they combine with what was heard.

``questions`` cuts a transcript into passages with their doubts, ``answers`` reads what came back, ``combine`` weighs it
against the ear. Only ``client/`` knows the network.
"""
