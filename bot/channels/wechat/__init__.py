"""bot: the WeChat Official Account channel (微信公众号). Only this folder knows what WeChat's XML looks like."""
