"""The script that MLflow runs to build the model (models-from-code); nothing is pickled."""

from mlflow.models import set_model
from unpolished.models.serving.pyfunc import UnpolishedModel

set_model(UnpolishedModel())
