"""nlu.complaint: is it a complaint, which kind, how severe, what is wanted. Knows texts and vectors, nothing of cases."""
