"""The conformance suite: every connector goes through the same scenarios, none is left out.

``case.py`` says what a connector has to tell of itself, ``cases/<word>.py`` tells it. Scenarios of the network
(limits, broken answers, expired tokens) run over every connector that has one; a connector of files declares
``is_networked = False``, goes through all others, and breaks its files where the others break answers.
"""
