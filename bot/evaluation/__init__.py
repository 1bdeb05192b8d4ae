"""bot: how well dialogues are understood: labelled rows, figures, and the fit of the follow-up model. Pure."""
