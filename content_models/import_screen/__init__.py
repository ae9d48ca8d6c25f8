"""The admin's screen on which a page of an old site becomes a draft.

The original travels with the form. At every step it is read anew, and what staff have
corrected is laid over what was read; nothing is saved before the draft is made.
"""
