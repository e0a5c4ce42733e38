using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Portal.BrowserTests;

/// <summary>Hears all logs, all activities and all tags of metrics, and keeps them as text.</summary>
public sealed class Listener : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentDictionary<string, bool> _tags = new(StringComparer.Ordinal);
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();
    private IExternalScopeProvider? _scopes;

    public Listener()
    {
        _activities = new()
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<byte>(Keep);
        _meters.SetMeasurementEventCallback<int>(Keep);
        _meters.SetMeasurementEventCallback<long>(Keep);
        _meters.SetMeasurementEventCallback<double>(Keep);
        _meters.Start();
    }

    public IReadOnlyCollection<string> Lines => _lines;

    public IReadOnlyCollection<string> MetricTags => [.. _tags.Keys];

    public void Clear() => _lines.Clear();

    public ILogger CreateLogger(string categoryName) => new Log(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
    }

    private void Keep(Activity activity)
    {
        var tags = string.Join(' ', activity.TagObjects.Concat(activity.Baggage.Select(b => new KeyValuePair<string, object?>(b.Key, b.Value))).Select(t => $"{t.Key}={t.Value}"));
        var events = string.Join(' ', activity.Events.Select(e => $"{e.Name} {string.Join(' ', e.Tags.Select(t => $"{t.Key}={t.Value}"))}"));
        _lines.Enqueue($"activity {activity.Source.Name} {activity.DisplayName} {activity.StatusDescription} {tags} {events}");
    }

    private void Keep<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        foreach (var (name, said) in tags)
            _tags.TryAdd($"{instrument.Name} {name}={Convert.ToString(said, CultureInfo.InvariantCulture)}", true);
    }

    private sealed class Log(Listener listener, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var said = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(p => $"{p.Key}={p.Value}")) : "";
            listener._scopes?.ForEachScope((scope, _) => said += " " + (scope is IEnumerable<KeyValuePair<string, object?>> more ? string.Join(' ', more.Select(p => $"{p.Key}={p.Value}")) : scope?.ToString()), 0);
            listener._lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {said} {exception}");
        }
    }
}
