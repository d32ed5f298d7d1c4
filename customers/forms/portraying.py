"""The picture of a customer, as a form brings it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from customers.services.portraying import LARGEST, NotAPhoto, Photo, judge_photo

TYPES = "image/png,image/jpeg,image/gif,image/webp"


class PhotoForm(forms.Form):
    """`photo_was` is the key of the one that was shown, "" for none: two people who choose one are told."""

    photo = forms.FileField(
        required=False,
        allow_empty_file=True,
        help_text="PNG, JPEG, GIF or WebP, at most 5 MB.",
        widget=forms.FileInput(attrs={"accept": TYPES}),
    )
    photo_remove = forms.BooleanField(required=False, label="Remove the photo")
    photo_was = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        key: str,
    ) -> None:
        super().__init__(data, files, initial={"photo_was": key})
        self._key = key

    def clean_photo(self) -> Photo | None:
        upload = self.cleaned_data["photo"]
        if not upload:
            return None
        try:
            # One byte more tells a file that is too large without reading it all.
            return judge_photo(name=upload.name or "", content=upload.read(LARGEST + 1))
        except NotAPhoto as refused:
            raise forms.ValidationError(str(refused)) from refused

    @property
    def is_touched(self) -> bool:
        return bool(self.cleaned_data["photo"] or self.cleaned_data["photo_remove"])

    def chosen(self) -> Photo | None:
        """The one that was chosen; None to take off what is shown."""
        photo: Photo | None = self.cleaned_data["photo"]
        return photo

    def based_on(self) -> str:
        return str(self.cleaned_data["photo_was"]) if "photo_was" in self.data else self._key

    def contest(self) -> None:
        """Say that a colleague changed it; saved again, with the picture chosen anew, the form writes over that."""
        given: Any = self.data
        data = given.copy()
        data["photo_was"] = self._key
        self.data = data
        self.add_error(
            "photo", "A colleague changed the photo meanwhile. Choose yours again to keep it, or leave theirs."
        )
