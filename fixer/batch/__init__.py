"""Correcting data sets: rows of JSON lines or Parquet, and folders of transcripts, on one machine or a cluster.

A data set is cut into ``chunks``, each of which is read, corrected (``rows``) and written by itself, so that memory is
constant, nothing is shuffled, and a run goes on where it stopped. ``run`` gives chunks to processes of this machine,
``on_ray`` to a cluster; both call the very same code, so that the rows are the same. ``changes`` tells which rows
another glossary cannot touch. Ray and pyarrow are imported where they are asked for.
"""
