"""Forms for claims: one for each kind of contract.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from domain.claims import KINDS, Claim, Effect, Figure, Means, Stage, Weapon, What
from domain.when.zone import Zone
from service.forms.reading import read_optional
from service.forms.texts import (
    MAX_COUNT,
    Form,
    Line,
    Lines,
    OneOrMoreLines,
    OneOrMoreSlugs,
    Slug,
    Slugs,
    SomeSlugs,
    Text,
    Written,
)

Count = Annotated[int, Field(ge=0, le=MAX_COUNT)]

_BY_WORD = Field(strict=False)  # JSON has no enums: the word stands for its member
EffectWord = Annotated[Effect, _BY_WORD]
MeansWord = Annotated[Means, _BY_WORD]
WeaponWord = Annotated[Weapon, _BY_WORD]
WhatWord = Annotated[What, _BY_WORD]
StageWord = Annotated[Stage, _BY_WORD]


class CountForm(Form):
    """At least `low`, at most `high`; without `high`, nobody knows how many more."""

    low: Count
    high: Count | None = None

    @model_validator(mode="after")
    def _in_order(self) -> CountForm:
        if self.high is not None and self.high < self.low:
            raise ValueError("high is less than low")
        return self

    def figure(self) -> Figure:
        return Figure(self.low, None, self.high)


class FigureForm(Form):
    """At least `low`, at most `high`, and `best` in between where somebody said so."""

    low: Count
    best: Count | None = None
    high: Count | None = None

    @model_validator(mode="after")
    def _in_order(self) -> FigureForm:
        given = [each for each in (self.low, self.best, self.high) if each is not None]
        if given != sorted(given):
            raise ValueError("low, best and high are not in order")
        return self

    def figure(self) -> Figure:
        return Figure(self.low, self.best, self.high)


class ClaimForm(Form):
    occurred: Written | None = None
    event: Slug | None = None

    def claim(self, zone: Zone) -> Claim:
        """The claim. Raises Unreadable or Wrong for a window that can't be read."""
        given = self.__dict__  # what pydantic keeps the fields in, under the names that the domain has for them
        values = {
            name: _OTHERWISE[type(value)](value) if type(value) in _OTHERWISE else value
            for name, value in given.items()
        }
        values["occurred"] = read_optional(self.occurred, zone, "occurred")
        return KINDS[values.pop("kind")](**values)


_OTHERWISE: dict[type, Callable[[Any], Any]] = {list: tuple, CountForm: CountForm.figure, FigureForm: FigureForm.figure}
"""What the domain has in the place of a form's value."""


class ControlForm(ClaimForm):
    kind: Literal["control"]
    place: Slug
    forces: SomeSlugs
    effect: EffectWord
    means: MeansWord | None = None


class ClashForm(ClaimForm):
    kind: Literal["clash"]
    places: Slugs
    forces: Slugs
    intensity: Line | None = None


class StrikeForm(ClaimForm):
    kind: Literal["strike"]
    places: Slugs
    by: OneOrMoreSlugs = []
    against: OneOrMoreSlugs = []
    weapon: WeaponWord | None = None
    count: CountForm | None = None


class CasualtiesForm(ClaimForm):
    kind: Literal["casualties"]
    places: Slugs = []
    of: Annotated[Slug, Field(description="A force, or `civilians`")]
    killed: FigureForm | None = None
    injured: FigureForm | None = None
    captured: FigureForm | None = None
    cause: Line | None = None


class MovementForm(ClaimForm):
    kind: Literal["movement"]
    forces: Slugs
    persons: Lines = []
    from_: Annotated[Slug | None, Field(alias="from")] = None
    to: Slug | None = None
    what: WhatWord | None = None


class OperationForm(ClaimForm):
    kind: Literal["operation"]
    forces: Slugs
    against: OneOrMoreSlugs = []
    places: Slugs = []
    stage: StageWord
    name: Line | None = None
    objective: Line | None = None


class PresenceForm(ClaimForm):
    kind: Literal["presence"]
    place: Slug
    forces: SomeSlugs


class AgreementForm(ClaimForm):
    kind: Literal["agreement"]
    parties: Slugs = []
    with_: Annotated[OneOrMoreLines, Field(alias="with")] = []
    places: Slugs = []
    terms: Text | None = None


class JoiningForm(ClaimForm):
    kind: Literal["joining"]
    force: Slug
    operation: Line | None = None
    alongside: Slugs = []
    led_by: Line | None = None


class DenialForm(ClaimForm):
    kind: Literal["denial"]
    of: Annotated[Slug, Field(description="A report")]
    by: Annotated[Slug | None, Field(description="A force or a source")] = None


AnyClaimForm = Annotated[
    ControlForm
    | ClashForm
    | StrikeForm
    | CasualtiesForm
    | MovementForm
    | OperationForm
    | PresenceForm
    | AgreementForm
    | JoiningForm
    | DenialForm,
    Field(discriminator="kind"),
]
