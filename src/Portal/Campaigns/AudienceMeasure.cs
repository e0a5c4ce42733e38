using Portal.Dispatch;
using Portal.Sms.Text;
using Portal.Templates;

namespace Portal.Campaigns;

/// <summary>Running totals over an audience. Its size does not depend on how many people are added.</summary>
internal sealed class AudienceMeasure(long listed, IReadOnlyList<AudienceGroup> groups, int batchSize)
{
    private const int MostCharacters = 20;

    private readonly Dictionary<string, long> _missing = new(StringComparer.Ordinal);
    private readonly List<string> _notGsm = [];
    private string? _lastText;
    private SegmentCount? _last;
    private int _inBatch;

    /// <summary>Places on the lists; somebody on two lists has two.</summary>
    public long Listed => listed;

    /// <summary>Different people.</summary>
    public long People { get; } = groups.Sum(g => g.People);

    /// <summary>People whom a rule keeps out, and why.</summary>
    public IReadOnlyList<AudienceGroup> KeptOut { get; } = [.. groups.Where(g => g.Reason is not null)];

    /// <summary>People whom no rule keeps out, by country.</summary>
    public IReadOnlyList<AudienceGroup> Reached { get; } = [.. groups.Where(g => g.Reason is null)];

    public long Suppressed => Of(SkipReason.Suppressed);

    /// <summary>People whom no rule keeps out but who lack a field, and so get nothing.</summary>
    public long Incomplete { get; private set; }

    /// <summary>People for whom the text is blank.</summary>
    public long Empty { get; private set; }

    public long Messages { get; private set; }

    public long Segments { get; private set; }

    /// <summary>The most segments that one person's text has.</summary>
    public int Longest { get; private set; }

    /// <summary>Messages that need 16 bits a character.</summary>
    public long Ucs2 { get; private set; }

    public long Batches { get; private set; }

    public IReadOnlyDictionary<string, long> Missing => _missing;

    /// <summary>Characters that force 16 bits, the first 20 of them.</summary>
    public IReadOnlyList<string> NotGsm => _notGsm;

    /// <summary>One text for everybody who is left.</summary>
    public void AddAll(string text)
    {
        var count = People - KeptOut.Sum(g => g.People);
        if (string.IsNullOrWhiteSpace(text))
        {
            Empty = count;
            return;
        }
        Take(text, count);
        Batches = (count + batchSize - 1) / batchSize;
    }

    public void Add(RenderedText rendered)
    {
        if (rendered.Text is null)
        {
            Incomplete++;
            foreach (var field in rendered.Missing)
                _missing[field] = _missing.GetValueOrDefault(field) + 1;
        }
        else if (string.IsNullOrWhiteSpace(rendered.Text))
        {
            Empty++;
        }
        else
        {
            var same = rendered.Text == _lastText;
            Take(rendered.Text, 1);
            if (!same || _inBatch == batchSize)
                (Batches, _inBatch) = (Batches + 1, 0);
            _inBatch++;
        }
    }

    public long Of(SkipReason reason) => KeptOut.Where(g => g.Reason == reason).Sum(g => g.People);

    private void Take(string text, long people)
    {
        if (text != _lastText)
        {
            (_lastText, _last) = (text, SegmentsOf(text));
            Longest = Math.Max(Longest, people > 0 ? _last.Segments : 0);
        }
        Messages += people;
        Segments += people * _last!.Segments;
        Ucs2 += _last.Encoding == SmsEncoding.Ucs2 ? people : 0;
    }

    private SegmentCount SegmentsOf(string text)
    {
        var count = Sms.Text.Segments.Count(text);
        foreach (var character in count.NotGsm)
        {
            if (_notGsm.Count < MostCharacters && !_notGsm.Contains(character, StringComparer.Ordinal))
                _notGsm.Add(character);
        }
        return count;
    }
}
