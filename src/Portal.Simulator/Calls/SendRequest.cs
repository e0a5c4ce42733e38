namespace Portal.Simulator.Calls;

internal enum SendParameter
{
    Apikey,
    Timestamp,
    Sign,
    Mobile,
    Content,
    SenderId,
    TemplateId,
    SignName,
}

/// <summary>The parameters of provider document sections 2.2 and 3.2, as they came. Null = not given.</summary>
internal sealed class SendRequest
{
    private readonly string?[] _values = new string?[(int)SendParameter.SignName + 1];

    public string Apikey => this[SendParameter.Apikey];

    public string Timestamp => this[SendParameter.Timestamp];

    public string Sign => this[SendParameter.Sign];

    public string Mobile => this[SendParameter.Mobile];

    public string Content => this[SendParameter.Content];

    public string SenderId => this[SendParameter.SenderId];

    public bool IsComplete =>
        Apikey.Length > 0 && Timestamp.Length > 0 && Sign.Length > 0 && Mobile.Length > 0 && Content.Length > 0;

    private string this[SendParameter name] => _values[(int)name] ?? "";

    public void Set(SendParameter name, string? value) => _values[(int)name] = value;
}
