namespace Portal.Benchmarks.Rig;

/// <summary>Two heaps of measurements: whether one tends to be larger, whatever their distribution (Mann and Whitney).</summary>
internal static class RankTest
{
    /// <summary>How probable a difference of ranks at least this large is when there is none. By the normal distribution: for heaps of 20 and more.</summary>
    public static double P(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        var all = one.Select(v => (Value: v, One: true)).Concat(other.Select(v => (Value: v, One: false))).OrderBy(v => v.Value).ToList();
        var (ranks, ties) = (0.0, 0.0);
        for (var i = 0; i < all.Count;)
        {
            var j = i;
            while (j < all.Count && all[j].Value.Equals(all[i].Value))
                j++;
            // Equal ones share their ranks.
            var rank = (i + 1 + j) / 2.0;
            ranks += rank * all.Skip(i).Take(j - i).Count(v => v.One);
            ties += Math.Pow(j - i, 3) - (j - i);
            i = j;
        }
        double n = one.Count, m = other.Count, sum = n + m;
        var u = ranks - (n * (n + 1) / 2);
        var spread = Math.Sqrt(n * m / 12 * (sum + 1 - (ties / (sum * (sum - 1)))));
        return spread > 0 ? 2 * Tail(Math.Abs(u - (n * m / 2)) / spread) : 1;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    // The normal distribution above z (Abramowitz and Stegun 26.2.17; off by less than 1e-7).
    private static double Tail(double z)
    {
        var t = 1 / (1 + (0.2316419 * z));
        var sum = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * sum;
    }
}
