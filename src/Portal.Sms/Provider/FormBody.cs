namespace Portal.Sms.Provider;

/// <summary>
/// The same JSON when its sender passed it through a form encoder: <c>%7B%22apikey%22…</c>, perhaps with a <c>=</c> at its end.
/// A plus inside a text stays a plus, because a real apikey has some and careless encoders leave them; between texts it can only be a blank.
/// </summary>
internal static class FormBody
{
    public static bool TryDecode(ReadOnlySpan<byte> body, out byte[] json)
    {
        var form = body.Trim(" \t\r\n"u8);
        if (form.EndsWith("="u8))
            form = form[..^1];
        json = Decode(form);
        if (!json.AsSpan().TrimStart("+ \t\r\n"u8).StartsWith("{"u8))
            return false;
        BlankPlusesBetweenTexts(json);
        return true;
    }

    private static byte[] Decode(ReadOnlySpan<byte> form)
    {
        var decoded = new List<byte>(form.Length);
        for (var i = 0; i < form.Length; i++)
        {
            if (form[i] == '%' && i + 2 < form.Length && char.IsAsciiHexDigit((char)form[i + 1]) && char.IsAsciiHexDigit((char)form[i + 2]))
            {
                decoded.Add((byte)((Hex(form[i + 1]) << 4) | Hex(form[i + 2])));
                i += 2;
            }
            else
            {
                decoded.Add(form[i]);
            }
        }
        return [.. decoded];
    }

    private static void BlankPlusesBetweenTexts(Span<byte> json)
    {
        var inText = false;
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] == '"')
                inText = !inText;
            else if (json[i] == '\\' && inText)
                i++;
            else if (json[i] == '+' && !inText)
                json[i] = (byte)' ';
        }
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
