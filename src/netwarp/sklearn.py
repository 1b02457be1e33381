"""Models of scikit-learn as Networks: `nw.sklearn.from_estimator`. Importing it needs no scikit-learn."""

from netwarp.models.estimators import from_estimator

__all__ = ["from_estimator"]
