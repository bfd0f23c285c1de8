"""The company of a command line: a profile file, free text, or both."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import BadInputError
from assistant.jsons import loads
from assistant.records import Profile


def read_profile(path: Path) -> Profile:
    """The profile in a JSON file.

    Raises:
        BadInputError: it cannot be read, is no JSON, or holds unknown fields.
    """
    from assistant.wire import profile_from_json

    try:
        data = loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInputError(f"读不到企业画像文件 {path}", "请检查路径") from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"企业画像文件 {path} 不是 UTF-8 编码", "请另存为 UTF-8") from error
    except BadInputError as error:
        raise BadInputError(
            f"企业画像文件 {path} 无法使用：{error.message}", error.next_step
        ) from error
    return profile_from_json(data) or Profile()


def company(given: Profile, told: str) -> Profile:
    """What was given, completed by what the text tells."""
    from assistant.finder.profile import merged
    from assistant.finder.profile import told as heard_in
    from assistant.question import understand

    query = understand(told) if told else None
    if query is None:
        return merged(given, heard_in(told))
    return merged(given, heard_in(told, query.district, query.area))
