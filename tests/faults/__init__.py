"""tests: parts of a really running desk are killed, stopped, emptied or cut off in the middle of load."""
