"""bot.app.report: `make evaluate`: every room's held-out figures in one published page (docs/evaluation.md)."""
