"""What one document may ask for, found out before it runs, in time that grows with the document and no faster.

`scan` reads the text before the parser does, `check_shape` the parsed document before it is validated,
`requested_cost` the valid document before it is executed. Each raises LimitExceeded with a code of its own.
"""

from gateway.limits.cost import requested_cost
from gateway.limits.scan import scan
from gateway.limits.shape import check_shape

__all__ = ["check_shape", "requested_cost", "scan"]
