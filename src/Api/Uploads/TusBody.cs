namespace AX2Caption.Api.Uploads;

/// <summary>Marks an endpoint whose body is a piece of an upload, for the OpenAPI document.</summary>
/// <param name="IsRequired">Whether there is always one.</param>
internal sealed record TusBody(bool IsRequired)
{
    public static TusBody Required { get; } = new(IsRequired: true);

    public static TusBody Optional { get; } = new(IsRequired: false);
}
