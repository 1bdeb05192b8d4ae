"""handoff: the live desk. Queue, routing, presence, context packet, agent console. Knows no articles, no channels."""
