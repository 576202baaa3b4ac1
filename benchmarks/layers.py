# ruff: noqa: ANN001, ANN201
"""Seeded layers to time overlaps on: parks, parcels, and parks crowded by huge zones.

Of the parks 5 % are moved onto a neighbour (60 % in a crowded layer), 1 % lie inside another, 0.5 %
repeat one, 2 % overlap a rectilinear neighbour by a sliver and 2 % touch it. Coordinates are metres
rounded to the centimetre, rows are in random order.
"""

import geopandas as gpd
import numpy as np
import shapely

CRS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84 +units=m +type=crs"
KINDS = {  # spacing, median and largest radius in metres, fewest and most vertices, moved share
    "parks": (8000.0, 1700.0, 3500.0, 20, 400, 0.05),
    "parcels": (2400.0, 530.0, 1050.0, 5, 40, 0.05),
    "dense": (8000.0, 1700.0, 3500.0, 20, 400, 0.60),
}


def make(count, kind="parks", seed=20261123):
    """A GeoDataFrame of count rows."""
    rng = np.random.default_rng([seed, count, sorted(KINDS).index(kind)])
    spacing, median, largest, fewest, most, moved = KINDS[kind]
    side = int(np.ceil(np.sqrt(2 * count)))
    site = rng.permutation(side * side)[:count]
    centre = np.c_[site % side, site // side] * spacing + rng.uniform(-200, 200, (count, 2)) / 8
    centre += [-side * spacing / 2, 2.2e6]
    radius = np.minimum(median * np.exp(rng.normal(0, 0.3, count)), largest)
    vertices = np.exp(rng.uniform(np.log(fewest), np.log(most), count)).astype(int)
    role = rng.choice(6, count, p=[0.895 - moved, moved, 0.01, 0.005, 0.02, 0.07])
    still = np.flatnonzero(role == 0)
    partner = rng.choice(still, count)
    push = (radius + radius[partner]) * rng.uniform(0.35, 0.95, count)
    turn = rng.uniform(0, 2 * np.pi, count)
    onto = role == 1
    centre[onto] = (centre[partner] + push[:, None] * np.c_[np.cos(turn), np.sin(turn)])[onto]
    centre[role == 2] = centre[partner][role == 2]
    radius[role == 2] = 0.3 * radius[partner][role == 2]
    shapes = shapely.polygons(blobs(rng, centre, radius, vertices))
    stepped = np.flatnonzero((role == 0) & (rng.random(count) < 0.32))
    shapes[stepped] = staircases(rng, centre[stepped], radius[stepped], vertices[stepped])
    holed = np.flatnonzero((role == 0) & (rng.random(count) < 0.08))
    shapes[holed] = with_holes(rng, shapes[holed], centre[holed], radius[holed])
    shapes[role == 3] = shapes[partner][role == 3]
    beside(rng, shapes, role, stepped)
    if kind == "dense":
        giants = rng.choice(count, 10, replace=False)
        reach = rng.uniform(30e3, 100e3, 10) * np.sqrt(count / 1e4)
        shapes[giants] = shapely.polygons(blobs(rng, centre[giants], reach, np.full(10, 10_000)))
    shapes = np.array([s if s.is_valid else s.convex_hull for s in shapes], dtype=object)
    return gpd.GeoDataFrame({"name": [f"park {k}" for k in range(count)]}, geometry=shapes, crs=CRS)


def blobs(rng, centre, radius, vertices):
    """Ragged star-shaped rings."""
    owner = np.repeat(np.arange(len(centre)), vertices)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(vertices) - vertices, vertices)
    angle = 2 * np.pi * (step + rng.uniform(-0.35, 0.35, len(owner))) / vertices[owner]
    reach = np.ones(len(owner))
    for wave in range(2, 7):
        size, phase = rng.uniform(0, 0.07, len(centre)), rng.uniform(0, 2 * np.pi, len(centre))
        reach += size[owner] * np.cos(wave * angle + phase[owner])
    reach *= 1 + rng.normal(0, 0.01, len(owner)).clip(-0.03, 0.03)
    out = (radius[owner] * reach)[:, None] * np.c_[np.cos(angle), np.sin(angle)]
    return shapely.linearrings(np.round(centre[owner] + out, 2), indices=owner)


def staircases(rng, centre, radius, vertices):
    """Rectilinear outlines with straight sides to the east and west."""
    shapes = []
    for (x, y), reach, number in zip(centre, radius, vertices, strict=True):
        columns = max(number // 4, 2)
        edges = np.repeat(np.linspace(-0.8, 0.8, columns + 1), 2)[1:-1] * reach + x
        top, low = (np.repeat(rng.uniform(0.55, 0.95, columns), 2) * reach for _ in range(2))
        ring = np.r_[np.c_[edges, y - low], np.c_[edges, y + top][::-1]]
        shapes.append(shapely.Polygon(np.round(ring, 2)))
    return np.array(shapes, dtype=object)


def with_holes(rng, shapes, centre, radius):
    """Parks with a hole, and a second block some way off."""
    count = np.full(len(shapes), 12)
    holes = shapely.polygons(blobs(rng, centre, 0.2 * radius, count))
    away = shapely.polygons(
        blobs(rng, centre + np.c_[1.9 * radius, 0 * radius], 0.3 * radius, count)
    )
    return shapely.union(shapely.difference(shapes, holes), away)


def beside(rng, shapes, role, stepped):
    """Copies of rectilinear parks, moved so far that they overlap a little or just touch."""
    for number, overlap in ((4, True), (5, False)):
        rows = np.flatnonzero(role == number)
        if number == 5:
            rows = rows[: max(len(rows) * 2 // 7, 1)]  # the rest stand alone
        model = rng.choice(stepped, len(rows))
        bounds = shapely.bounds(shapes[model])
        move = bounds[:, 2] - bounds[:, 0]
        if overlap:
            move = move - np.round(rng.uniform(0.05, 30, len(rows)), 2)
        xy, owner = shapely.get_coordinates(shapes[model], return_index=True)
        xy[:, 0] += move[owner]
        shapes[rows] = shapely.set_coordinates(shapely.force_2d(shapes[model]), np.round(xy, 2))
