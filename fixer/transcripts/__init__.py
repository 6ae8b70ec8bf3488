"""Recognised text found in any file, and written back losslessly.

``transcript`` is the value everybody uses. A recogniser of ``formats/`` finds the text and describes it as a
``layout``; ``protected`` says what no correction may touch, ``distribute`` shares one out over cues and tags,
``view`` and ``agreement`` keep copies of the text in step, ``unsaid`` leaves out what is no speech, and ``diff`` shows
what writing would change.
"""
