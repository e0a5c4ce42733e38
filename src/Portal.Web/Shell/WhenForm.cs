namespace Portal.Web.Shell;

/// <summary>How an instant is written.</summary>
public enum WhenForm
{
    /// <summary>As near as the reader is: "today 18:00", "Mon 10:00", "3 Oct 09:30", "3 Oct 2025".</summary>
    Short,

    /// <summary>The time when it is today, else as <see cref="Short"/>: for columns and timelines of one day.</summary>
    Time,

    /// <summary>All of it: "Sunday 22 November 2026, 16:42".</summary>
    Full,
}
