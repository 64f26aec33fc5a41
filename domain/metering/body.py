"""Tanks that are a geometer's body: how much liquid stands in an upright or lying cylinder and in a sphere.

Knows shapes only. Heights and radii in mm, volumes in m³.
"""

from math import pi

import numpy as np

from domain.farm import Floats
from domain.tank import Geometry, Shape


def full(geometry: Geometry) -> tuple[float, float]:
    """Greatest height in mm and volume in m³ there."""
    d = geometry.diameter_m
    match geometry.shape:
        case Shape.VERTICAL:
            return geometry.height_m * 1000.0, pi / 4.0 * d**2 * geometry.height_m
        case Shape.HORIZONTAL:
            return d * 1000.0, pi / 4.0 * d**2 * geometry.length_m
        case Shape.SPHERE:
            return d * 1000.0, pi / 6.0 * d**3


def lying_cylinder(height_mm: Floats, radius_mm: Floats, length_m: Floats) -> tuple[Floats, Floats]:
    """Volume in m³ and slope in m³/mm at 0 ≤ height ≤ 2r: A·L with A = r²·acos(1 - h/r) - (r - h)·√(h·(2r - h))."""
    h, r = height_mm, radius_mm
    chord = np.sqrt(h * (2.0 * r - h))
    half_angle = 2.0 * np.arcsin(np.sqrt(h / (2.0 * r)))  # acos(1 - h/r) loses a thin film's digits
    area_mm2 = np.maximum(r**2 * half_angle - (r - h) * chord, 0.0)
    return area_mm2 * length_m * 1e-6, 2.0 * chord * length_m * 1e-6


def sphere(height_mm: Floats, radius_mm: Floats) -> tuple[Floats, Floats]:
    """Volume in m³ and slope in m³/mm at 0 ≤ height ≤ 2r: π·h²·(3r - h)/3."""
    h, r = height_mm, radius_mm
    return pi * h**2 * (3.0 * r - h) / 3.0 * 1e-9, pi * h * (2.0 * r - h) * 1e-9
