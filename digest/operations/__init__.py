"""What a person or the clock asks of the whole: a run, explain, doctor, import, export.

Entry points (cli, schedule, web) call these; these call pipeline.py and the store.
Nothing here prints or knows the time.
"""
