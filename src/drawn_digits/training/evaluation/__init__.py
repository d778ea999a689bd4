"""How good is it? ``report.py`` reads as the whole evaluation; the other files are its parts."""
