"""One way to HiGHS, the solver of mixed-integer programmes, for all who ask it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from scipy import optimize

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def milp(objective: NDArray[np.float64], **programme: Any) -> Any:
    """Solve as :func:`scipy.optimize.milp` does, and leave standard output alone.

    Parameters
    ----------
    objective
        What to minimise, one number a variable.
    **programme
        ``integrality``, ``bounds``, ``constraints``, ``options`` of :func:`scipy.optimize.milp`.

    Returns
    -------
    What :func:`scipy.optimize.milp` returns.

    Notes
    -----
    On large programmes HiGHS prints on standard output whatever ``disp`` says; a result may be
    going there. What it prints goes to standard error meanwhile. Not for several threads at once.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.optimize import Bounds
    >>> milp(np.array([-1.0]), integrality=np.ones(1), bounds=Bounds(0, 3)).x.tolist()
    [3.0]
    """
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        return optimize.milp(objective, **programme)
    finally:
        os.dup2(kept, 1)
        os.close(kept)
