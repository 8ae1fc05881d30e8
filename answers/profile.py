"""One person. (Another colleague is writing this file, data_access/queries/profile.py, pages/profile.py and
ui/profile.py right now, from answer to page: leave all four alone, and go on with the rest.)"""
