"""The one exception a user may read."""


class DataError(Exception):
    """A fault in data that a person can mend.

    Parameters
    ----------
    message : str
        What is wrong, in French.
    where : str
        File, line, column or layer; empty when there is none.
    remedy : str
        What to do, in French; empty when nothing can be advised.
    """

    def __init__(self, message: str, where: str = "", remedy: str = ""):
        super().__init__(message, where, remedy)
        self.message = message
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.message}{place}.{remedy}"
