"""Write docs/problems.md from the catalogue; a test keeps the two the same."""

from pathlib import Path

from parkmap import messages, problems

PAGE = Path(__file__).parents[1] / "docs" / "problems.md"
GROUPS = {
    "1": "The file / 文件",
    "2": "Geometry / 图形",
    "3": "Attributes / 属性",
    "4": "Sectors / 产业",
    "5": "Coordinates / 坐标",
    "6": "Lists / 清单",
}
HEAD = """# Problem codes / 数据问题代码

What `parkmap check` lists. Codes are stable: scripts may rely on them. A problem of severity
**error** keeps its row out of the comparison of land; nothing else is changed unless the message
says so. Made by `python scripts/problem_codes.py`.
"""


def page() -> str:
    """Return the page as it should be."""
    lines = [HEAD]
    for digit, title in GROUPS.items():
        lines += [f"## {title}", "", "| code | severity | what | 说明 | remedy | 处理 |"]
        lines += ["|---|---|---|---|---|---|"]
        for code, severity in problems.codes().items():
            if code[2] == digit:
                cells = [
                    messages.text(f"problems.{code}.{part}", lang=lang)
                    for part in ("what", "remedy")
                    for lang in ("en", "zh")
                ]
                lines.append(f"| {' | '.join([code, severity, *cells])} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
