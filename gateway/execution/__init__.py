"""How a document is executed. The schema says what exists, resolvers say how it is answered; this package runs them."""
