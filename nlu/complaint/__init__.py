"""nlu.complaint: is it a complaint, which kind, how severe, what is wanted. Knows no cases."""
