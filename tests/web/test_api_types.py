from pathlib import Path

from tests.web.api_types import API_TYPES, write_api_types


def test_the_page_s_types_are_those_of_the_openapi_document(tmp_path: Path) -> None:
    fresh = tmp_path / "api.d.ts"
    write_api_types(fresh)
    stale = API_TYPES.read_text("utf-8") != fresh.read_text("utf-8")
    assert not stale, "frontend/src/api.d.ts is not what the API says now: run `make api-types`."
