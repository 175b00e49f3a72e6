#!/usr/bin/env python3
"""Cuts the fonts of this folder out of their originals.

Needs fonttools and opentype-feature-freezer (both on PyPI) and three originals:
  --inter   folder with Inter-Regular.otf, Inter-Medium.otf, Inter-SemiBold.otf
  --mono    JetBrainsMono-Regular.ttf
  --phosphor  unpacked npm package @phosphor-icons/web

What it does, and why:
  * Inter gets tabular figures as its default (egui sets no font features), TrueType outlines, and another name, because a changed
    font may not keep a reserved name. Contextual alternates go: they would draw "4032x2268.jpg" with a multiplication sign.
  * JetBrains Mono loses its ligatures, because a key must be seen as it is.
  * Phosphor keeps only the glyphs named in src/ui/icons.rs. Its filled icons use the same code points as its line icons, so they move
    up by 0xE2000 (0xE000 becomes 0xF0000): one character then says which drawing is meant. U+F1000 is the sidebar icon, mirrored.
"""

import argparse
import pathlib
import re
import subprocess
import tempfile

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import main as subset
from fontTools.ttLib import TTFont, newTable

HERE = pathlib.Path(__file__).parent
ICONS = HERE.parent.parent / "src" / "ui" / "icons.rs"
FILL_SHIFT = 0xF0000 - 0xE000
MIRRORED_SIDEBAR = 0xF1000

TEXT = (
    "U+0020-007E,U+00A0-024F,U+0259,U+02B9-02BC,U+02C6-02CD,U+02D8-02DD,U+0300-0328,U+0370-03FF,U+0400-04FF,U+1E00-1EFF,"
    "U+2002-200D,U+2010-2027,U+202F-203A,U+2044,U+2070-209C,U+20A0-20BF,U+2116,U+2122,U+2126,U+212E,U+2190-2199,U+21B3,U+21B5,"
    "U+2212,U+2215,U+2219,U+221A,U+221E,U+2248,U+2260,U+2264-2265,U+2318,U+2325,U+21E7,U+21E5,U+232B,U+25A0-25A1,U+25B2-25B3,"
    "U+25B6,U+25BC-25BD,U+25C0,U+25CB,U+25CF,U+2605-2606,U+2713-2714,U+2717,U+FFFD"
)
BOXES = "U+2500-259F"


def to_truetype(source, target):
    """Replaces cubic outlines by quadratic ones (at most 1 of 2816 units off) and gives every figure one width."""
    font = TTFont(source)
    glyph_set, order, glyphs = font.getGlyphSet(), font.getGlyphOrder(), {}
    for name in order:
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    glyphs[".notdef"] = hollow_box(font["hmtx"][".notdef"][0], font["OS/2"].sCapHeight)
    font["loca"], glyf = newTable("loca"), newTable("glyf")
    font["glyf"] = glyf
    glyf.glyphOrder, glyf.glyphs = order, glyphs
    glyf.compile(font)
    figures = [font.getBestCmap()[ord(figure)] for figure in "0123456789"]
    widest = max(font["hmtx"][figure][0] for figure in figures)
    for name in order:
        width = widest if name in figures else font["hmtx"][name][0]
        font["hmtx"][name] = (width, getattr(glyphs[name], "xMin", 0) if glyphs[name].numberOfContours else 0)
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements maxSizeOfInstructions "
                  "maxComponentElements").split():
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    maxp.compile(font)
    post = font["post"]
    post.formatType, post.extraNames, post.mapping = 3.0, [], {}
    for table in ("CFF ", "VORG", "DSIG"):
        if table in font:
            del font[table]
    font.sfntVersion = "\x00\x01\x00\x00"
    for record in font["name"].names:
        if record.nameID == 3:
            record.string = font["name"].getDebugName(6) + ";" + font["name"].getDebugName(5)
    font.save(target)


def hollow_box(width, height):
    """What is drawn for a character that no font has: Inter's own drawing looks like a letter."""
    pen, edge = TTGlyphPen(None), 160
    for left, bottom, right, top, clockwise in ((edge, 0, width - edge, height, True), (2 * edge, edge, width - 2 * edge, height - edge, False)):
        corners = [(left, bottom), (left, top), (right, top), (right, bottom)]
        corners = corners if clockwise else corners[::-1]
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()


def cut_sans(folder, work):
    for weight in ("Regular", "Medium", "SemiBold"):
        frozen, small, quadratic = (work / f"{weight}-{step}" for step in ("frozen.otf", "small.otf", "quadratic.ttf"))
        subprocess.run(
            ["pyftfeatfreeze", "-f", "tnum", "-R", "Inter/Cooperage Sans", folder / f"Inter-{weight}.otf", frozen], check=True
        )
        keep = ["--layout-features=kern,mark,mkmk,ccmp,locl", "--no-hinting", "--notdef-outline"]
        subset([str(frozen), f"--unicodes={TEXT}", *keep, "--desubroutinize", "--name-IDs=*", f"--output-file={small}"])
        to_truetype(small, quadratic)
        subset([str(quadratic), "--unicodes=*", "--layout-features=*", "--notdef-outline",
                "--name-IDs=0,1,2,3,4,5,6,13,14,16,17", f"--output-file={HERE / f'CooperageSans-{weight}.ttf'}"])


def cut_mono(original):
    subset([str(original), f"--unicodes={TEXT},{BOXES}", "--layout-features=mark,mkmk,ccmp,locl", "--no-hinting",
            "--notdef-outline", "--name-IDs=*", f"--output-file={HERE / 'JetBrainsMono-Regular.ttf'}"])


def cut_icons(folder, work):
    codes = {int(code, 16) for code in re.findall(r"= '\\u\{([0-9A-F]+)\}'", ICONS.read_text())}
    line = TTFont(folder / "src/regular/Phosphor.ttf")
    sidebar = line.getBestCmap()[sidebar_code()]
    pen = TTGlyphPen(line.getGlyphSet())
    line.getGlyphSet()[sidebar].draw(TransformPen(pen, (-1, 0, 0, 1, line["hmtx"][sidebar][0], 0)))
    line["glyf"]["sidebar-mirrored"] = pen.glyph()
    line["hmtx"]["sidebar-mirrored"] = line["hmtx"][sidebar]
    add_code(line, MIRRORED_SIDEBAR, "sidebar-mirrored")
    save_icons(line, {code for code in codes if code < 0xF0000} | {MIRRORED_SIDEBAR}, work / "line.ttf", "Phosphor.ttf")
    fill = TTFont(folder / "src/fill/Phosphor-Fill.ttf")
    moved = {code for code in codes if 0xF0000 <= code < 0xF1000}
    for code in moved:
        add_code(fill, code, fill.getBestCmap()[code - FILL_SHIFT])
    save_icons(fill, moved, work / "fill.ttf", "Phosphor-Fill.ttf")


def sidebar_code():
    return int(re.search(r"\bSIDEBAR = '\\u\{([0-9A-F]+)\}'", ICONS.read_text()).group(1), 16)


def add_code(font, code, glyph):
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

    wide = next((table for table in font["cmap"].tables if table.format == 12), None)
    if wide is None:
        wide = CmapSubtable.newSubtable(12)
        wide.platformID, wide.platEncID, wide.language = 3, 10, 0
        wide.cmap = dict(font.getBestCmap())
        font["cmap"].tables.append(wide)
    wide.cmap[code] = glyph


def save_icons(font, codes, between, name):
    # The originals say that every drawing begins at the left edge of its square; a renderer that believes it moves it there.
    for glyph, (width, _) in font["hmtx"].metrics.items():
        font["glyf"][glyph].recalcBounds(font["glyf"])
        font["hmtx"][glyph] = (width, font["glyf"][glyph].xMin)
    font.save(between)
    wanted = ",".join(f"U+{code:X}" for code in sorted(codes))
    subset([str(between), f"--unicodes={wanted}", "--layout-features=", "--no-hinting", "--glyph-names", "--notdef-outline",
            "--name-IDs=*", f"--output-file={HERE / name}"])


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("inter", "mono", "phosphor"):
        arguments.add_argument(f"--{name}", type=pathlib.Path)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as work:
        if given.inter:
            cut_sans(given.inter, pathlib.Path(work))
        if given.mono:
            cut_mono(given.mono)
        if given.phosphor:
            cut_icons(given.phosphor, pathlib.Path(work))


if __name__ == "__main__":
    main()
