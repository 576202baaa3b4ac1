// Groups of like parks, by the rule of parkmap/cluster/linkage.py; no word of the page in here.
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
  // Complete linkage over sparse pairs [first, second, similarity]; ties go to the smallest members.
  P.completeLinkage = (count, edges, floor) => {
    const near = new Map(), waiting = new Waiting(), smallest = [], merges = [];
    for (let item = 0; item < count; item += 1) { near.set(item, new Map()); smallest.push(item); }
    edges.forEach(([first, second, similarity]) => {
      if (similarity < floor || first === second) return;
      near.get(first).set(second, similarity); near.get(second).set(first, similarity);
    });
    near.forEach((others, first) => others.forEach((similarity, second) => {
      if (first < second) waiting.push([-similarity, first, second, first, second]);
    }));
    while (waiting.first) {
      const [negative, low, , first, second] = waiting.pop();
      if (!near.has(first) || !near.has(second)) continue;
      const group = count + merges.length;
      merges.push({ height: -negative, first, second, group });
      smallest.push(low);
      absorb(near, first, second, group).forEach((similarity, other) => {
        const beside = smallest[other];
        waiting.push(low < beside ? [-similarity, low, beside, group, other] : [-similarity, beside, low, other, group]);
      });
    }
    return merges;
  };
  // The groups standing at a similarity, the largest first, then by their members.
  P.groupsAt = (count, merges, least) => {
    const members = new Map(), standing = new Map();
    const of = (group) => (group < count ? [group] : members.get(group));
    merges.filter((merge) => merge.height >= least).forEach((merge) => {
      members.set(merge.group, [...of(merge.first), ...of(merge.second)].sort((a, b) => a - b));
      standing.set(merge.group, merge.height);
      standing.delete(merge.first); standing.delete(merge.second);
    });
    const groups = [...standing].map(([group, weakest]) => ({ members: members.get(group), weakest }));
    const inOrder = (a, b) => {
      const at = a.findIndex((member, i) => member !== b[i]);
      return at < 0 ? 0 : a[at] - b[at];
    };
    return groups.sort((a, b) => b.members.length - a.members.length || inOrder(a.members, b.members));
  };
  // At each similarity: groups, parks in groups, parks in the largest component of linked parks.
  P.sweepOf = (count, edges, merges, levels) => {
    const ordered = [...edges].sort((a, b) => b[2] - a[2]);
    const kin = Array.from({ length: count }, (_, i) => i), sizes = new Array(count).fill(1);
    const root = (i) => { while (kin[i] !== i) { kin[i] = kin[kin[i]]; i = kin[i]; } return i; };
    const size = new Map();
    let edge = 0, merge = 0, groups = 0, parks = 0, largest = 0;
    const found = new Map();
    [...levels].sort((a, b) => b - a).forEach((level) => {
      for (; edge < ordered.length && ordered[edge][2] >= level; edge += 1) {
        const [a, b] = [root(ordered[edge][0]), root(ordered[edge][1])];
        if (a !== b) { kin[a] = b; sizes[b] += sizes[a]; }
        largest = Math.max(largest, sizes[b]);
      }
      for (; merge < merges.length && merges[merge].height >= level; merge += 1) {
        const { first, second, group } = merges[merge];
        const [one, two] = [size.get(first) || 0, size.get(second) || 0];
        groups += 1 - (one > 0) - (two > 0);
        parks += (one ? 0 : 1) + (two ? 0 : 1);
        size.set(group, (one || 1) + (two || 1));
      }
      found.set(level, { level, groups, parks, largest });
    });
    return levels.map((level) => found.get(level));
  };
})(window.Parkmap);
