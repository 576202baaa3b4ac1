// Groups of like parks, by the rules of parkmap/cluster/; no word of the page in here.
(function (P) {
  "use strict";

  // [-similarity, least member, other least member, group, group]: the first in order merges next.
  const before = (a, b) => {
    for (let i = 0; i < 5; i += 1) if (a[i] !== b[i]) return a[i] < b[i];
    return false;
  };
  class Waiting {
    constructor() { this.heap = []; }
    get first() { return this.heap[0]; }
    push(one) {
      const heap = this.heap;
      let at = heap.length;
      heap.push(one);
      while (at) {
        const above = (at - 1) >> 1;
        if (!before(one, heap[above])) break;
        heap[at] = heap[above]; at = above;
      }
      heap[at] = one;
    }
    pop() {
      const heap = this.heap, top = heap[0], last = heap.pop();
      if (!heap.length) return top;
      let at = 0;
      for (;;) {
        let below = 2 * at + 1;
        if (below >= heap.length) break;
        if (below + 1 < heap.length && before(heap[below + 1], heap[below])) below += 1;
        if (!before(heap[below], last)) break;
        heap[at] = heap[below]; at = below;
      }
      heap[at] = last;
      return top;
    }
  }

  const absorb = (near, first, second, group) => {
    const one = near.get(first), two = near.get(second);
    near.delete(first); near.delete(second);
    const [few, many] = one.size <= two.size ? [one, two] : [two, one];
    const joined = new Map();
    few.forEach((similarity, other) => {
      if (many.has(other) && near.has(other)) joined.set(other, Math.min(similarity, many.get(other)));
    });
    joined.forEach((similarity, other) => near.get(other).set(group, similarity));
    near.set(group, joined);
    return joined;
  };
  // Merge the groups of near, numbered from 0, of which the least members are given.
  const merging = (near, smallest, act, mayJoin) => {
    const waiting = new Waiting();
    near.forEach((others, first) => others.forEach((similarity, second) => {
      if (smallest[first] < smallest[second]) waiting.push([-similarity, smallest[first], smallest[second], first, second]);
    }));
    while (waiting.first) {
      const [negative, low, , first, second] = waiting.pop();
      if (!near.has(first) || !near.has(second) || (mayJoin && !mayJoin(first, second))) continue;
      const group = smallest.length;
      smallest.push(low);
      act({ height: -negative, first, second, group });
      absorb(near, first, second, group).forEach((similarity, other) => {
        const beside = smallest[other];
        waiting.push(low < beside ? [-similarity, low, beside, group, other] : [-similarity, beside, low, other, group]);
      });
    }
  };
  // Complete linkage over sparse pairs [first, second, similarity]; ties go to the smallest members.
  P.completeLinkage = (count, edges, floor) => {
    const near = new Map(), smallest = [], merges = [];
    for (let item = 0; item < count; item += 1) { near.set(item, new Map()); smallest.push(item); }
    edges.forEach(([first, second, similarity]) => {
      if (similarity < floor || first === second) return;
      near.get(first).set(second, similarity); near.get(second).set(first, similarity);
    });
    merging(near, smallest, (merge) => merges.push(merge));
    return merges;
  };
  // The members of groups and, behind them, each item that is in none; and the set of each item.
  const allSets = (count, groups) => {
    const owner = new Array(count).fill(-1), sets = groups.map((one) => one.members);
    sets.forEach((members, at) => members.forEach((member) => { owner[member] = at; }));
    for (let item = 0; item < count; item += 1) if (owner[item] < 0) { owner[item] = sets.length; sets.push([item]); }
    return { sets, owner };
  };
  // A park that fits whole into a group no smaller than its own goes there: the rule of settling.py.
  const settled = (count, groups, edges, least) => {
    const all = allSets(count, groups), owner = all.owner, sets = all.sets.map((members) => new Set(members));
    const near = owner.map(() => new Map());
    edges.forEach(([first, second, similarity, , proven]) => {
      if (!proven || similarity < least || first === second) return;
      near[first].set(second, similarity); near[second].set(first, similarity);
    });
    const best = (item) => {
      const met = new Map(), own = sets[owner[item]].size;
      near[item].forEach((similarity, other) => {
        const seen = met.get(owner[other]) || { number: 0, lowest: Infinity };
        seen.number += 1; seen.lowest = Math.min(seen.lowest, similarity);
        met.set(owner[other], seen);
      });
      let found = null;
      met.forEach(({ number, lowest }, at) => {
        const size = sets[at].size;
        if (at === owner[item] || number !== size || size < own) return;
        const rank = [-size, -lowest, Math.min(...sets[at]), at, 0];
        if (!found || before(rank, found)) found = rank;
      });
      return found && found[3];
    };
    for (let moved = true; moved;) {
      moved = false;
      // who fits elsewhere is asked of all before the first moves, and again when its turn comes
      owner.map((_, item) => item).filter((item) => best(item) !== null).forEach((item) => {
        const target = best(item);
        if (target === null) return;
        sets[owner[item]].delete(item); sets[target].add(item); owner[item] = target; moved = true;
      });
    }
    const weakest = (members) => {
      let lowest = Infinity;
      members.forEach((member) => near[member].forEach((similarity, other) => {
        if (owner[other] === owner[member]) lowest = Math.min(lowest, similarity);
      }));
      return lowest;
    };
    return sets.filter((members) => members.size > 1).map((members) => (
      { members: [...members].sort((a, b) => a - b), weakest: weakest(members) }));
  };
  // The least similarity between sets of which every two members are linked, one of them unproven.
  const between = (sets, owner, edges, least) => {
    const found = new Map();
    edges.forEach(([first, second, similarity, , proven]) => {
      const [one, other] = [owner[first], owner[second]].sort((a, b) => a - b);
      if (one === other || similarity < least) return;
      const key = one * sets.length + other;
      const seen = found.get(key) || { one, other, number: 0, lowest: Infinity, coarse: false };
      seen.number += 1; seen.lowest = Math.min(seen.lowest, similarity); seen.coarse = seen.coarse || !proven;
      found.set(key, seen);
    });
    const near = new Map(sets.map((_, at) => [at, new Map()]));
    found.forEach(({ one, other, number, lowest, coarse }) => {
      if (!coarse || number !== sets[one].length * sets[other].length) return;
      near.get(one).set(other, lowest); near.get(other).set(one, lowest);
    });
    return near;
  };
  // Parks that are not proven to rival anybody join the proven groups, by half at most.
  const withCoarse = (count, proven, edges, least) => {
    const { sets, owner } = allSets(count, proven);
    const known = sets.map((members, at) => (at < proven.length ? members.length : 0));
    const weakest = sets.map((_, at) => (at < proven.length ? proven[at].weakest : Infinity));
    const standing = new Set(proven.map((_, at) => at));
    merging(between(sets, owner, edges, least), sets.map((members) => members[0]), ({ height, first, second, group }) => {
      sets.push([...sets[first], ...sets[second]].sort((a, b) => a - b));
      known.push(known[first] + known[second]);
      weakest.push(Math.min(height, weakest[first], weakest[second]));
      standing.delete(first); standing.delete(second); standing.add(group);
    }, (first, second) => 2 * (known[first] + known[second]) >= sets[first].length + sets[second].length);
    return [...standing].map((at) => (
      { members: sets[at], coarse: sets[at].filter((member) => owner[member] >= proven.length), weakest: weakest[at] }));
  };
  // The groups standing at a similarity, the largest first, then by their members; merges are of
  // the proven pairs, edges all of them: [first, second, similarity, metres, proven].
  P.groupsAt = (count, merges, least, edges) => {
    const members = new Map(), standing = new Map();
    const of = (group) => (group < count ? [group] : members.get(group));
    merges.filter((merge) => merge.height >= least).forEach((merge) => {
      members.set(merge.group, [...of(merge.first), ...of(merge.second)].sort((a, b) => a - b));
      standing.set(merge.group, merge.height);
      standing.delete(merge.first); standing.delete(merge.second);
    });
    const proven = [...standing].map(([group]) => ({ members: members.get(group) }));
    const groups = withCoarse(count, settled(count, proven, edges, least), edges, least);
    const inOrder = (a, b) => {
      const at = a.findIndex((member, i) => member !== b[i]);
      return at < 0 ? 0 : a[at] - b[at];
    };
    return groups.sort((a, b) => b.members.length - a.members.length || inOrder(a.members, b.members));
  };
  // At each similarity: groups, parks in groups, parks in the largest component of linked parks.
  P.sweepOf = (count, edges, merges, levels) => {
    const ordered = [...edges].sort((a, b) => b[2] - a[2]);
    const kin = Array.from({ length: count }, (_, i) => i), joined = new Array(count).fill(1);
    const root = (i) => { while (kin[i] !== i) { kin[i] = kin[kin[i]]; i = kin[i]; } return i; };
    let edge = 0, largest = 0;
    const found = new Map();
    [...levels].sort((a, b) => b - a).forEach((level) => {
      for (; edge < ordered.length && ordered[edge][2] >= level; edge += 1) {
        const [a, b] = [root(ordered[edge][0]), root(ordered[edge][1])];
        if (a !== b) { kin[a] = b; joined[b] += joined[a]; }
        largest = Math.max(largest, joined[b]);
      }
      const sizes = P.groupsAt(count, merges, level, edges).map((one) => one.members.length);
      const parks = sizes.reduce((all, one) => all + one, 0);
      found.set(level, { level, groups: sizes.length, parks, largest });
    });
    return levels.map((level) => found.get(level));
  };
})(window.Parkmap);
