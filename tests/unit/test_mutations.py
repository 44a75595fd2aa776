"""The mutations of ``make prove`` fit the code as it is: each finds the text that it replaces."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutations.listed import MUTATIONS
from tests.mutations.mutation import Mutation

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.id)
def test_a_mutation_finds_its_text_once(mutation: Mutation) -> None:
    assert mutation.problem(ROOT) is None
