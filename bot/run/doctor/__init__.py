"""bot.run.doctor: looks an installation over and names the command that mends each fault. Changes nothing."""
