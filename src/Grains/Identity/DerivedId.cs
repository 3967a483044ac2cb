using UUIDNext;

namespace AX2Caption.Grains.Identity;

/// <summary>Ids that follow from others, so that a call that is made again names the same thing.</summary>
internal static class DerivedId
{
    /// <summary>The UUIDv5 of <paramref name="name"/> in the namespace <paramref name="scope"/>, for example a job's id and <c>reserve</c>.</summary>
    public static Guid From(Guid scope, string name) => Uuid.NewNameBased(scope, name);
}
