"""Words: every sentence has its Chinese, every refusal its own code, every name stands in the glossary."""

import importlib
import pkgutil
import subprocess
import sys
from collections import Counter

import yaml
from django.apps import apps

import shanshi
from shanshi.foundation.models import Table
from shanshi.kernel.errors import DomainError
from tests.house.code import ROOT


def refusals() -> list[type[DomainError]]:
    for module in pkgutil.walk_packages(shanshi.__path__, "shanshi."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)

    def below(kind: type[DomainError]) -> list[type[DomainError]]:
        return [kind] + [one for child in kind.__subclasses__() for one in below(child)]

    # A test that imports a module anew makes its classes twice.
    found = {(kind.__module__, kind.__qualname__): kind for kind in below(DomainError)}
    return [kind for kind in found.values() if kind.__module__.startswith("shanshi.")]


def test_every_refusal_has_a_code_of_its_own_room_and_a_sentence_of_its_own() -> None:
    kinds = refusals()
    codes = Counter(kind.code for kind in kinds)
    assert [code for code, times in codes.items() if times > 1] == []
    assert [kind.code for kind in kinds if kind.code.split(".")[0] != kind.__module__.split(".")[1]] == []
    assert [kind.code for kind in kinds if not kind.says.endswith((".", "?"))] == []


def test_every_sentence_has_its_chinese() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tools.translations", "check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout.strip()) == (0, "translations: complete")


def test_every_table_stands_in_the_glossary() -> None:
    entries = yaml.safe_load((ROOT / "docs/glossary.yaml").read_text())
    known = {word.strip() for entry in entries for word in str(entry["code"]).split("/")}
    ground = {"foundation"}
    names = {
        model.__name__
        for model in apps.get_models()
        if issubclass(model, Table) and model._meta.app_label not in ground
    }
    assert sorted(names - known) == [], "add the term, its Chinese and its meaning to docs/glossary.yaml"


def test_no_name_uses_a_rejected_synonym() -> None:
    entries = yaml.safe_load((ROOT / "docs/glossary.yaml").read_text())
    rejected = {word.lower() for entry in entries for word in entry.get("not", [])}
    names = {
        word.lower()
        for model in apps.get_models()
        if issubclass(model, Table)
        for word in [model.__name__, *(field.name for field in model._meta.concrete_fields)]
    }
    assert names & rejected == set()
