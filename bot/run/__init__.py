"""bot.run: runs the house on one machine. Starts the processes, keeps them alive, says in plain words what happened."""
