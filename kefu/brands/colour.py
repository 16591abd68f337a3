"""A brand's colour where no style sheet is read: as mail programs need it."""

from __future__ import annotations

import math

# `--accent-fill` of ui/tokens.css on a light ground: OKLCH lightness and chroma; the hue is the brand's.
LIGHTNESS, CHROMA = 0.445, 0.098
FULL = 255
# OKLab to linear sRGB, as CSS Color 4 has it (section 18).
TO_CONES = ((0.3963377774, 0.2158037573), (-0.1055613458, -0.0638541728), (-0.0894841775, -1.2914855480))
TO_RGB = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


def accent_fill(hue: int) -> str:
    """`#rrggbb` for a hue in degrees; what sRGB cannot show is cut at its edge."""
    a, b = (CHROMA * part(math.radians(hue)) for part in (math.cos, math.sin))
    cones = [(LIGHTNESS + of_a * a + of_b * b) ** 3 for of_a, of_b in TO_CONES]
    return "#" + "".join(f"{_encoded(_sum(row, cones)):02x}" for row in TO_RGB)


def _sum(row: tuple[float, ...], cones: list[float]) -> float:
    return sum(weight * cone for weight, cone in zip(row, cones, strict=True))


def _encoded(linear: float) -> int:
    """One channel as a byte: the sRGB transfer function of IEC 61966-2-1."""
    within = min(1.0, max(0.0, linear))
    encoded = 12.92 * within if within <= 0.0031308 else 1.055 * within ** (1 / 2.4) - 0.055  # noqa: PLR2004 - of the norm
    return round(FULL * encoded)
