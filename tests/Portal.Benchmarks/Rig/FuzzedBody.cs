using System.Text;

namespace Portal.Benchmarks.Rig;

/// <summary>
/// The n-th body of a run that is nearly a receipt, or nothing like one: always the same for the same n. Some can be read and
/// name a message, with words that nobody has seen.
/// </summary>
internal static class FuzzedBody
{
    private const int Kinds = 12;
    private static readonly string[] _pieces =
    [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e999", "18446744073709551616", "\\u0000", "\\ud800", "\\udfff", "\\u202e", "%7B", "%", "+", "=", "&",
        "\uFEFF", "\0", "\r\n", "'; drop table app.receipts; --", "<script>", "${jndi}", "📨", "e\u0301", "\u200b", "\"apikey\":\"x\",", "\"taskid\":[1],", "*",
    ];

    public static byte[] Of(string apiKey, string taskId, string mobile, long n)
    {
        var dice = new Dice(n);
        var real = $$"""{ "apikey":"{{apiKey}}", "taskid":"{{taskId}}", "mobile":"{{mobile}}", "status":"DELIVRD", "times":"2026-11-22 17:42", }""";
        return (n % Kinds) switch
        {
            0 => dice.Bytes(dice.Next(300)),
            1 => dice.Flipped(Encoding.UTF8.GetBytes(real), 1 + dice.Next(6)),
            2 => Encoding.UTF8.GetBytes(real)[..dice.Next(real.Length)],
            3 => Encoding.UTF8.GetBytes(real.Insert(dice.Next(real.Length), dice.Text(1 + dice.Next(8)))),
            4 => Encoding.UTF8.GetBytes(new string('[', dice.Next(2000)) + real + new string('}', dice.Next(2000))),
            5 => Encoding.UTF8.GetBytes(real + new string(' ', dice.Next(5000))),
            6 => dice.Flipped(Encoding.UTF8.GetBytes(Uri.EscapeDataString(real)), dice.Next(4)),
            7 => Encoding.Unicode.GetBytes(real),
            8 => dice.Bytes(4090 + dice.Next(10)),
            9 => Encoding.UTF8.GetBytes(real.Replace("DELIVRD", dice.Text(1 + dice.Next(4)), StringComparison.Ordinal)),
            10 => Encoding.UTF8.GetBytes(real.Replace(mobile, dice.Text(1 + dice.Next(3)), StringComparison.Ordinal)),
            _ => Encoding.UTF8.GetBytes(real.Replace("2026-11-22 17:42", dice.Text(1 + dice.Next(3)), StringComparison.Ordinal).Replace("DELIVRD", "W" + dice.Next(1_000_000), StringComparison.Ordinal)),
        };
    }

    /// <summary>SplitMix64 from n on.</summary>
    private struct Dice(long n)
    {
        private ulong _state = unchecked((ulong)n * 0x9E3779B97F4A7C15);

        public int Next(int below) => (int)(Roll() % (ulong)below);

        public byte[] Bytes(int length)
        {
            var bytes = new byte[length];
            for (var i = 0; i < length; i++)
                bytes[i] = (byte)Roll();
            return bytes;
        }

        public byte[] Flipped(byte[] bytes, int times)
        {
            for (var i = 0; i < times; i++)
                bytes[Next(bytes.Length)] = (byte)Roll();
            return bytes;
        }

        public string Text(int pieces)
        {
            var text = new StringBuilder();
            for (var i = 0; i < pieces; i++)
                text.Append(_pieces[Next(_pieces.Length)]);
            return text.ToString();
        }

        private ulong Roll()
        {
            unchecked
            {
                var value = _state += 0x9E3779B97F4A7C15;
                value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
                value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
                return value ^ (value >> 31);
            }
        }
    }
}
