"""How each field is answered and who may see which rows. No Strawberry, no HTTP."""
