"""Models of scikit-learn as Networks: `nw.sklearn.from_estimator`. Importing it needs no scikit-learn.

>>> nw.sklearn.from_estimator("perceptron")
Traceback (most recent call last):
    ...
netwarp.errors.InputError: from_estimator estimator=str: must be a fitted estimator of scikit-learn
"""

from netwarp.models.estimators import from_estimator

__all__ = ["from_estimator"]
