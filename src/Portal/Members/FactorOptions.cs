namespace Portal.Members;

/// <summary>What the installation demands of everybody's sign-in. Bound to <c>Portal:SignIn</c>.</summary>
public sealed class FactorOptions
{
    public const string Section = "Portal:SignIn";

    /// <summary>Members of every tenant come in with two factors only, whatever the tenant's owner wants.</summary>
    public bool SecondFactorForAll { get; set; }
}
