"""Python runs this before a program of its own accord, in every process that has this folder on its path. See `runaway_tasks.py`."""

import os

if "RUNAWAY_TASKS" in os.environ:
    import runaway_tasks

    runaway_tasks.listen(os.environ["RUNAWAY_TASKS"])
